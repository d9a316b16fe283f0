import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useSay } from '../phone/text.tsx';

interface SheetProps {
  readonly title: string;
  readonly isOpen: boolean;
  onClose(): void;
  readonly children: ReactNode;
  readonly role?: 'dialog' | 'alertdialog';
}

/** A dialog above the screen; Escape and a press beside it close it. */
export function Sheet({ title, isOpen, onClose, children, role = 'dialog' }: SheetProps) {
  const say = useSay();
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="overlay"
    >
      <Modal className="sheet">
        <Dialog role={role} className="sheet-dialog">
          <header className="sheet-head">
            <Heading slot="title" className="sheet-title">
              {title}
            </Heading>
            {/* Without a tool tip: Escape would close that instead of the dialog. */}
            <Button className="icon-button" aria-label={say('common.close')} onPress={onClose}>
              <X aria-hidden className="icon" />
            </Button>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
